using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TxMsg.Benchmarks.Sockets;

namespace TxMsg.Benchmarks.Driving;

/// <summary>One keep-alive connection that runs its transactions one after the other: prepare, commit, next.</summary>
internal sealed class ProducerConnection : IReadable, IDisposable
{
    private const int Created = 201;
    private const int Ok = 200;

    private readonly EventLoop loop;
    private readonly TransactionFeed feed;
    private readonly RequestTemplates templates;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly AnswerReader answer = new();
    private int number;
    private bool committing;
    private long sentAt;

    public ProducerConnection(EventLoop loop, TransactionFeed feed, RequestTemplates templates, IPEndPoint server)
    {
        this.loop = loop;
        this.feed = feed;
        this.templates = templates;
        socket.Connect(server);
        socket.Blocking = false;
        loop.Watch(socket, this);
    }

    public void Start()
    {
        feed.BusyConnections++;
        Next();
    }

    public void OnReadable()
    {
        if (!answer.Receive(socket))
            return;
        var now = Stopwatch.GetTimestamp();
        if (committing)
            OnCommitted(now);
        else
            OnPrepared(now);
    }

    public void Dispose()
    {
        loop.Forget(socket);
        socket.Dispose();
    }

    private void OnPrepared(long now)
    {
        Expect(Created);
        feed.Prepare.Record(sentAt, now);
        committing = true;
        Send(templates.Commit(feed.Ledger.IdOf(number)));
    }

    private void OnCommitted(long now)
    {
        Expect(Ok);
        feed.Commit.Record(sentAt, now);
        feed.Ledger.CommitAnswered();
        Next();
    }

    private void Next()
    {
        if (!feed.TryBegin(out number))
        {
            feed.BusyConnections--;
            return;
        }

        committing = false;
        Send(templates.Prepare(feed.Ledger.IdOf(number)));
    }

    private void Send(ReadOnlySpan<byte> request)
    {
        answer.Reset();
        sentAt = Stopwatch.GetTimestamp();
        // Before the bytes leave: a delivery may well overtake the commit's answer.
        if (committing)
            feed.Ledger.CommitSent(number, sentAt);
        if (socket.Send(request) != request.Length)
            throw new BenchmarkFailedException("A request did not fit into the send buffer of an idle connection.");
    }

    private void Expect(int status)
    {
        if (answer.Status != status)
            throw new BenchmarkFailedException($"{(committing ? "A commit" : "A prepare")} was to be answered {status}:\n{answer.Text}");
    }
}
