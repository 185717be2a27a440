namespace TxMsg.Server.Audit;

/// <summary>The words for what was done, as they stand in the store and on the wire.</summary>
public static class AuditActions
{
    public const string Commit = "commit";
    public const string Rollback = "rollback";
    public const string CheckBack = "checkBack";
    public const string Redeliver = "redeliver";
    public const string RetryNow = "retryNow";
    public const string Discard = "discard";
    public const string CreateProducer = "createProducer";
    public const string ChangeProducer = "changeProducer";
    public const string RotateProducerSecret = "rotateProducerSecret";
    public const string TestCheckBack = "testCheckBack";
    public const string CreateSubscription = "createSubscription";
    public const string ChangeSubscription = "changeSubscription";
    public const string DeleteSubscription = "deleteSubscription";
    public const string PauseSubscription = "pauseSubscription";
    public const string ResumeSubscription = "resumeSubscription";
    public const string RotateSubscriptionSecret = "rotateSubscriptionSecret";
    public const string TestDelivery = "testDelivery";
    public const string BulkRedeliver = "bulkRedeliver";
    public const string BulkDiscard = "bulkDiscard";
    public const string BulkCheckBack = "bulkCheckBack";
    public const string BulkCommit = "bulkCommit";
    public const string BulkRollback = "bulkRollback";
    public const string CancelBulkAction = "cancelBulkAction";
    public const string CreateKey = "createKey";
    public const string DeleteKey = "deleteKey";

    /// <summary>All of them; first what is done to messages, of which there may be millions.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Commit, Rollback, CheckBack, Redeliver, RetryNow, Discard,
        CreateProducer, ChangeProducer, RotateProducerSecret, TestCheckBack,
        CreateSubscription, ChangeSubscription, DeleteSubscription, PauseSubscription, ResumeSubscription, RotateSubscriptionSecret, TestDelivery,
        BulkRedeliver, BulkDiscard, BulkCheckBack, BulkCommit, BulkRollback, CancelBulkAction,
        CreateKey, DeleteKey,
    ];
}
