namespace TxMsg.Benchmarks.CommandLine;

internal static class Usage
{
    private const string Text = """
        TxMsg benchmarks

          throughput   the server, a no-op server and the server without group commit, side by side
            --driver lean,client        lean: one thread with raw sockets; client: HttpClient and Kestrel
            --connections 1,16,64,256   connections, one measurement each
            --seconds 10                how long one measurement starts transactions
            --transactions N            or how many it starts (with --seconds: whichever is reached first)
            --rounds 3                  interleaved rounds; medians are shown
            --warm-up-seconds 20        before each measurement, not counted
            --payload 512               bytes
            --only txmsg,noop,floor     some of the servers; also noop-batch
            --history N                 adds the server with N finished messages in its store
            --tabs N                    adds the server with N overview pages open in browsers
            --strace                    adds a separate short run that counts fsync and fdatasync
            --server PATH               another TxMsg.Server.dll
            --output artifacts/benchmarks
          memory       throughput of the server alone over 1,000,000 transactions at 64 connections, with the lean driver
          drive        drives a running server, with the lean driver
            [--driver lean|client] --url http://127.0.0.1:5080 --receiver-port 0 [--pid N] [--connections] [--seconds] [--transactions] [--payload]
          sdk          an order transaction with no message, with the barrier and with the local message table, side by side
            --callers 1,16              concurrent callers, one measurement each
            --seconds 10 --rounds 3 --warm-up-seconds 5 [--server PATH] [--output artifacts/benchmarks]
          nodes        throughput of several nodes on one database of the SQL Server that TXMSG_TEST_SQLSERVER names
            --nodes 1,2,3 --connections 64 --seconds 10 --rounds 3 --warm-up-seconds 10 [--payload 512] [--server PATH] [--output artifacts/benchmarks]
          pages        how long the pages of the dashboard take over a store of millions of messages
            --messages 10000000 --repeats 21 [--server PATH] [--output artifacts/benchmarks]
          performance  how cost grows: with what is stored, subscriptions, payload and time; the batch calls; check-backs
            --only batch,growth,fan-out,payload,check-backs,soak
            --stored 1000,100000,1000000,10000000  messages in the store, one measurement each
            --seconds 10 --warm-up-seconds 12 --soak-minutes 30 [--server PATH] [--output artifacts/benchmarks]
          flame-graph  a picture of folded stacks ("a;b;c 12", one a line)
            --folded FILE [--title TEXT] [--output flame-graph.svg]
          serve-noop   the same three HTTP exchanges with nothing behind them
            --port 5081 [--payload 512] [--concurrency 16] [--batch]
        """;

    public static int Print()
    {
        Console.WriteLine(Text);
        return 0;
    }
}
