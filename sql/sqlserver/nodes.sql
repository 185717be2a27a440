-- Nodes, what they counted in each minute, the health of endpoints. A node writes only rows of its own, with whole values and not with
-- differences: a write that is repeated changes nothing, and no two nodes wait for each other.

-- name: BeatNodes
UPDATE dbo.nodes WITH (ROWLOCK)
SET addresses = r.addresses, heartbeat_at = r.heartbeat_at, stopped_at = r.stopped_at
FROM @rows AS r
WHERE nodes.id = r.id
OPTION (LOOP JOIN);
INSERT INTO dbo.nodes (id, name, version, addresses, beat_ms, started_at, heartbeat_at, stopped_at)
SELECT r.id, r.name, r.version, r.addresses, r.beat_ms, r.started_at, r.heartbeat_at, r.stopped_at
FROM @rows AS r
WHERE NOT EXISTS (SELECT 1 FROM dbo.nodes AS n WHERE n.id = r.id)
OPTION (LOOP JOIN);

-- The newest to be heard of come first; the limit is for a process that crashes at every start.
-- name: ListNodes
SELECT TOP (@limit) id, name, version, addresses, beat_ms AS BeatMs, started_at AS StartedAt, heartbeat_at AS HeartbeatAt, stopped_at AS StoppedAt
FROM dbo.nodes
ORDER BY heartbeat_at DESC;

-- name: DeleteOldNodes
DELETE TOP (@limit) FROM dbo.nodes WITH (ROWLOCK) WHERE heartbeat_at < @before;

-- name: SaveMinuteStats
UPDATE dbo.minute_stats WITH (ROWLOCK)
SET prepared = r.prepared, committed = r.committed, rolled_back = r.rolled_back, delivered = r.delivered,
    failed = r.failed, dead_lettered = r.dead_lettered, latencies = r.latencies
FROM @rows AS r
WHERE minute_stats.minute_at = r.minute_at AND minute_stats.node_id = r.node_id
OPTION (LOOP JOIN);
INSERT INTO dbo.minute_stats (minute_at, node_id, prepared, committed, rolled_back, delivered, failed, dead_lettered, latencies)
SELECT r.minute_at, r.node_id, r.prepared, r.committed, r.rolled_back, r.delivered, r.failed, r.dead_lettered, r.latencies
FROM @rows AS r
WHERE NOT EXISTS (SELECT 1 FROM dbo.minute_stats AS s WHERE s.minute_at = r.minute_at AND s.node_id = r.node_id)
OPTION (LOOP JOIN);

-- name: ListMinuteStats
SELECT minute_at AS MinuteAt, prepared, committed, rolled_back AS RolledBack, delivered, failed, dead_lettered AS DeadLettered, latencies
FROM dbo.minute_stats
WHERE minute_at >= @from AND minute_at < @to;

-- name: DeleteOldMinuteStats
DELETE TOP (@limit) FROM dbo.minute_stats WITH (ROWLOCK) WHERE minute_at < @before;

-- name: SaveEndpointHealth
UPDATE dbo.endpoint_health WITH (ROWLOCK)
SET last_success_at = r.last_success_at, last_failure_at = r.last_failure_at, last_status = r.last_status, last_error = r.last_error,
    recent = r.recent, circuit_until = r.circuit_until
FROM @rows AS r
WHERE endpoint_health.kind = r.kind AND endpoint_health.subject_id = r.subject_id AND endpoint_health.node_id = r.node_id
OPTION (LOOP JOIN);
INSERT INTO dbo.endpoint_health (kind, subject_id, node_id, last_success_at, last_failure_at, last_status, last_error, recent, circuit_until)
SELECT r.kind, r.subject_id, r.node_id, r.last_success_at, r.last_failure_at, r.last_status, r.last_error, r.recent, r.circuit_until
FROM @rows AS r
WHERE NOT EXISTS (SELECT 1 FROM dbo.endpoint_health AS h WHERE h.kind = r.kind AND h.subject_id = r.subject_id AND h.node_id = r.node_id)
OPTION (LOOP JOIN);

-- name: ListEndpointHealth
SELECT h.kind, h.subject_id AS SubjectId, h.node_id AS NodeId, h.last_success_at AS LastSuccessAt, h.last_failure_at AS LastFailureAt,
       h.last_status AS LastStatus, h.last_error AS LastError, h.recent, h.circuit_until AS CircuitUntil,
       n.beat_ms AS BeatMs, n.heartbeat_at AS HeartbeatAt, n.stopped_at AS StoppedAt
FROM dbo.endpoint_health AS h LEFT JOIN dbo.nodes AS n ON n.id = h.node_id;

-- Of nodes that are gone only what no other row has newer: when an endpoint last succeeded outlives the process that saw it.
-- name: DeleteOvertakenHealth
DELETE TOP (@limit) FROM dbo.endpoint_health WITH (ROWLOCK)
WHERE NOT EXISTS (SELECT 1 FROM dbo.nodes AS n WHERE n.id = endpoint_health.node_id)
  AND EXISTS (SELECT 1 FROM dbo.endpoint_health AS o
              WHERE o.kind = endpoint_health.kind AND o.subject_id = endpoint_health.subject_id AND o.node_id <> endpoint_health.node_id
                AND COALESCE(o.last_success_at, 0) >= COALESCE(endpoint_health.last_success_at, 0)
                AND COALESCE(o.last_failure_at, 0) >= COALESCE(endpoint_health.last_failure_at, 0)
                AND (COALESCE(o.last_success_at, 0) > COALESCE(endpoint_health.last_success_at, 0)
                     OR COALESCE(o.last_failure_at, 0) > COALESCE(endpoint_health.last_failure_at, 0) OR o.node_id > endpoint_health.node_id));

-- name: DeleteHealthOfDeletedSubscriptions
DELETE TOP (@limit) FROM dbo.endpoint_health WITH (ROWLOCK)
WHERE kind = 0 AND subject_id IN (SELECT s.id FROM dbo.subscriptions AS s WHERE s.state = 2);
