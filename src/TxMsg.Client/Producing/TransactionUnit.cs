using System.Data;
using System.Data.Common;
using System.Diagnostics;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Local;
using TxMsg.Contracts;
using TxMsg.Contracts.Messages;

namespace TxMsg.Client.Producing;

public sealed partial class TransactionalProducer
{
    /// <summary>The messages of one local transaction, from their half messages to the verdict: the steps that ADO.NET and EF Core share.</summary>
    internal sealed class TransactionUnit : IDisposable
    {
        private const int NotFound = 404;

        // How long an earlier transaction of the same message may hold up the answer, when this one has failed.
        private static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(1);

        private readonly TransactionalProducer producer;
        private readonly IReadOnlyList<Message> messages;
        private readonly Guid[] ids;
        private readonly Activity? span;

        public TransactionUnit(TransactionalProducer producer, DbConnection connection, IReadOnlyList<Message> messages, string parameter)
        {
            // Before anything is prepared.
            AmbientTransaction.Refuse("A message is sent with a local transaction of its own, outside any ambient one: its commit must be final when the verdict is given.");
            this.producer = producer;
            this.messages = messages;
            // In one order everywhere: two transactions with the same messages must not wait for each other crosswise.
            ids = messages.Select(message => message.Id).Order().ToArray();
            if (ids.Length == 0) throw new ArgumentException("At least one message is required.", nameof(messages));
            if (ids.Distinct().Count() < ids.Length) throw new ArgumentException("Two of the messages have the same id.", nameof(messages));
            producer.RequireHome(connection, parameter);
            span = ClientTelemetry.Spans.StartActivity("txmsg transaction", ActivityKind.Producer);
            span?.SetTag("messaging.system", "txmsg").SetTag("messaging.destination.name", messages[0].Topic).SetTag("messaging.message.id", Names);
        }

        private string Names => string.Join(", ", ids);

        /// <summary>Stores the half messages. Those of a batch that were stored although another was not are left to the check-back, as no transaction follows.</summary>
        public async Task PrepareAsync(CancellationToken cancellationToken)
        {
            if (messages.Count == 1)
            {
                var stored = await producer.PrepareAsync(messages[0], cancellationToken).ConfigureAwait(false);
                RefuseDecided(stored.Id, stored.State);
                return;
            }

            foreach (var result in await producer.coordinator.PrepareAsync(producer.options.Name, messages, cancellationToken).ConfigureAwait(false))
            {
                if (result.IsSuccess) RefuseDecided(result.Id, result.State);
                else if (result.Status is 429 or >= 500) throw new CoordinatorUnavailableException($"Message {result.Id} was not stored (status {result.Status}): {result.Problem}");
                else throw new CoordinatorRefusedException(result.Status, $"Message {result.Id} was refused: {result.Problem}");
            }
        }

        /// <summary>The first statements of the local transaction.</summary>
        public async Task EnterAsync(DbTransaction transaction, CancellationToken cancellationToken)
        {
            foreach (var id in ids) await producer.barrier.EnterAsync(transaction, id, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>Commits. It cannot be cancelled: one that was cancelled half-way would have to be asked about.</summary>
        public async Task CommitLocallyAsync(Func<CancellationToken, Task> commit)
        {
            try
            {
                await commit(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                throw Uncertain(exception);
            }
        }

        /// <summary>The commit failed, and nobody here knows how.</summary>
        public LocalCommitUncertainException Uncertain(Exception exception)
        {
            ProducerMetrics.Uncertain();
            producer.LogUncertain(Names, exception);
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            return new LocalCommitUncertainException(ids, exception);
        }

        /// <summary>What the barrier says of the transaction; <c>Rollback</c> means from now on that it can never commit. All messages share it, so one speaks for all.</summary>
        public Task<CheckBackAnswer> AskBarrierAsync(DbConnection connection, CancellationToken cancellationToken) =>
            WithOpenAsync(connection, open => producer.barrier.AnswerAsync(open, ids[0], AnswerWait, cancellationToken), cancellationToken);

        /// <summary>The local transaction failed before its commit. An exception is no verdict: the barrier is asked, which fences off whoever might still
        /// try with the same id, and only what it says is passed on. Where that fails, the check-back does the same later.</summary>
        /// <exception cref="MessageDecidedException">What stood in the way is a transaction of the same message that has committed: nothing has failed.</exception>
        public async Task GiveUpAsync(DbConnection connection, Exception reason)
        {
            Guid[] committed = [];
            try
            {
                ProducerMetrics.RolledBack();
                span?.SetStatus(ActivityStatusCode.Error, "The local transaction failed.");
                using var limit = NewLimit();
                var verdicts = await WithOpenAsync(connection, open => AskAboutAllAsync(open, limit.Token), limit.Token).ConfigureAwait(false);
                // Another transaction of the message committed: that counts, and must be known.
                committed = verdicts.Where(verdict => verdict.Verdict == Verdicts.Commit).Select(verdict => verdict.Id).ToArray();
                if (verdicts.Count > 0)
                {
                    var results = await producer.coordinator.DecideAsync(verdicts, limit.Token).ConfigureAwait(false);
                    await SendUnknownAsync(results.Where(result => committed.Contains(result.Id)), limit.Token).ConfigureAwait(false);
                }
            }
            catch (Exception exception)
            {
                // Whatever it is, the caller must hear what went wrong before, and nothing is lost by this.
                producer.LogGiveUpFailed(Names, exception);
            }

            // Rejected by its row, or tired of waiting for its lock.
            if (committed.Length > 0 && reason is BarrierRejectedException or DbException) throw new MessageDecidedException(committed[0], MessageStates.Committed);
        }

        /// <summary>The local transaction is committed: tells the coordinator. From here on nothing is the caller's error any more.</summary>
        public async Task<VerdictStatus> CommitAsync()
        {
            var status = await TellAsync().ConfigureAwait(false);
            ProducerMetrics.Committed();
            ProducerMetrics.Verdict(status);
            return status;
        }

        public void Dispose() => span?.Dispose();

        private static void RefuseDecided(Guid id, string? state)
        {
            if (state is MessageStates.Committed or MessageStates.RolledBack) throw new MessageDecidedException(id, state);
        }

        // The transaction's own connection may be lost, or closed for good by the barrier.
        private async Task<T> WithOpenAsync<T>(DbConnection connection, Func<DbConnection, Task<T>> action, CancellationToken cancellationToken)
        {
            if (connection.State == ConnectionState.Open) return await action(connection).ConfigureAwait(false);
            var another = producer.options.Connect?.Invoke() ?? throw new InvalidOperationException("The connection is closed, and the options have no Connect to open another one.");
            await using (another.ConfigureAwait(false))
            {
                await another.OpenAsync(cancellationToken).ConfigureAwait(false);
                return await action(another).ConfigureAwait(false);
            }
        }

        private async Task<List<VerdictItem>> AskAboutAllAsync(DbConnection connection, CancellationToken cancellationToken)
        {
            var verdicts = new List<VerdictItem>(ids.Length);
            foreach (var id in ids)
            {
                var answer = await producer.barrier.AnswerAsync(connection, id, AnswerWait, cancellationToken).ConfigureAwait(false);
                if (answer == CheckBackAnswer.Unknown) continue;
                verdicts.Add(new VerdictItem { Id = id, Verdict = answer == CheckBackAnswer.Commit ? Verdicts.Commit : Verdicts.Rollback });
            }

            return verdicts;
        }

        private CancellationTokenSource NewLimit() => new(producer.options.VerdictTimeout, producer.time);

        private async Task<VerdictStatus> TellAsync()
        {
            try
            {
                using var limit = NewLimit();
                var results = await CommitAllAsync(limit.Token).ConfigureAwait(false);
                return Judge(await SendUnknownAsync(results, limit.Token).ConfigureAwait(false));
            }
            catch (VerdictConflictException exception)
            {
                producer.LogOverruled(Names, exception);
                return VerdictStatus.Overruled;
            }
            catch (Exception exception)
            {
                // The work is done and stays done; an exception would tell the caller otherwise.
                producer.LogVerdictPending(Names, exception);
                return VerdictStatus.Pending;
            }
        }

        private async Task<IReadOnlyList<MessageResult>> CommitAllAsync(CancellationToken cancellationToken)
        {
            if (ids.Length > 1)
            {
                var verdicts = ids.Select(id => new VerdictItem { Id = id, Verdict = Verdicts.Commit }).ToArray();
                return await producer.coordinator.DecideAsync(verdicts, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                var message = await producer.CommitAsync(ids[0], cancellationToken).ConfigureAwait(false);
                return [new MessageResult(message.Id, 200, message.State, null)];
            }
            catch (CoordinatorRefusedException refused) when (refused.Status == NotFound)
            {
                return [new MessageResult(ids[0], NotFound, null, refused.Message)];
            }
        }

        /// <summary>Of messages whose transaction committed, sends again those that the coordinator does not know any more, though it had stored them: it cannot
        /// ask about them. They go as ordinary ones with the same id, so one that turns up after all is not doubled.</summary>
        /// <returns>The results, with those of the sending; what could not be sent is still not found.</returns>
        private async Task<IReadOnlyList<MessageResult>> SendUnknownAsync(IEnumerable<MessageResult> results, CancellationToken cancellationToken)
        {
            var judged = results.ToLookup(result => result.Status == NotFound);
            var unknown = judged[true].Select(result => result.Id).ToArray();
            if (unknown.Length == 0) return [.. judged[false]];
            var sent = await TrySendAsync(unknown, cancellationToken).ConfigureAwait(false);
            return [.. judged[false], .. sent];
        }

        private async Task<IEnumerable<MessageResult>> TrySendAsync(Guid[] unknown, CancellationToken cancellationToken)
        {
            IReadOnlyList<MessageResult> sent;
            try
            {
                sent = await producer.SendAsync(messages.Where(message => unknown.Contains(message.Id)).ToArray(), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                producer.LogLost(string.Join(", ", unknown), exception.Message, exception);
                return unknown.Select(id => new MessageResult(id, NotFound, null, exception.Message));
            }

            foreach (var result in sent)
            {
                if (result.IsSuccess) producer.LogSentAgain(result.Id.ToString());
                else if (result.Status != 409) producer.LogLost(result.Id.ToString(), result.Problem ?? $"status {result.Status}", null);
            }

            return sent.Select(result => result.IsSuccess || result.Status == 409 ? result : result with { Status = NotFound });
        }

        private VerdictStatus Judge(IReadOnlyList<MessageResult> results)
        {
            if (results.All(result => result.IsSuccess)) return VerdictStatus.Recorded;
            if (results.Any(result => result.Status == 409))
            {
                producer.LogOverruled(Names, null);
                return VerdictStatus.Overruled;
            }

            // That has been logged, with what went wrong.
            if (results.Any(result => result.Status == NotFound)) return VerdictStatus.Lost;
            producer.LogVerdictPending(Names, null);
            return VerdictStatus.Pending;
        }
    }
}
