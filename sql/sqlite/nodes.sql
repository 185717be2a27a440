-- Nodes, what they counted in each minute, the health of endpoints. A node writes only rows of its own, with whole values and not with
-- differences: a write that is repeated changes nothing.

-- name: BeatNodes
INSERT INTO nodes (id, name, version, addresses, beat_ms, started_at, heartbeat_at, stopped_at)
VALUES (@id, @name, @version, @addresses, @beat_ms, @started_at, @heartbeat_at, @stopped_at)
ON CONFLICT (id) DO UPDATE SET addresses = excluded.addresses, heartbeat_at = excluded.heartbeat_at, stopped_at = excluded.stopped_at;

-- The newest to be heard of come first; the limit is for a process that crashes at every start.
-- name: ListNodes
SELECT id, name, version, addresses, beat_ms AS BeatMs, started_at AS StartedAt, heartbeat_at AS HeartbeatAt, stopped_at AS StoppedAt
FROM nodes
ORDER BY heartbeat_at DESC
LIMIT @limit;

-- name: DeleteOldNodes
DELETE FROM nodes WHERE id IN (SELECT n.id FROM nodes n WHERE n.heartbeat_at < @before LIMIT @limit);

-- name: SaveMinuteStats
INSERT INTO minute_stats (minute_at, node_id, prepared, committed, rolled_back, delivered, failed, dead_lettered, latencies)
VALUES (@minute_at, @node_id, @prepared, @committed, @rolled_back, @delivered, @failed, @dead_lettered, @latencies)
ON CONFLICT (minute_at, node_id) DO UPDATE
SET prepared = excluded.prepared, committed = excluded.committed, rolled_back = excluded.rolled_back, delivered = excluded.delivered,
    failed = excluded.failed, dead_lettered = excluded.dead_lettered, latencies = excluded.latencies;

-- name: ListMinuteStats
SELECT minute_at AS MinuteAt, prepared, committed, rolled_back AS RolledBack, delivered, failed, dead_lettered AS DeadLettered, latencies
FROM minute_stats
WHERE minute_at >= @from AND minute_at < @to;

-- name: DeleteOldMinuteStats
DELETE FROM minute_stats
WHERE (minute_at, node_id) IN (SELECT s.minute_at, s.node_id FROM minute_stats s WHERE s.minute_at < @before ORDER BY s.minute_at LIMIT @limit);

-- name: SaveEndpointHealth
INSERT INTO endpoint_health (kind, subject_id, node_id, last_success_at, last_failure_at, last_status, last_error, recent, circuit_until)
VALUES (@kind, @subject_id, @node_id, @last_success_at, @last_failure_at, @last_status, @last_error, @recent, @circuit_until)
ON CONFLICT (kind, subject_id, node_id) DO UPDATE
SET last_success_at = excluded.last_success_at, last_failure_at = excluded.last_failure_at, last_status = excluded.last_status,
    last_error = excluded.last_error, recent = excluded.recent, circuit_until = excluded.circuit_until;

-- name: ListEndpointHealth
SELECT h.kind, h.subject_id AS SubjectId, h.node_id AS NodeId, h.last_success_at AS LastSuccessAt, h.last_failure_at AS LastFailureAt,
       h.last_status AS LastStatus, h.last_error AS LastError, h.recent, h.circuit_until AS CircuitUntil,
       n.beat_ms AS BeatMs, n.heartbeat_at AS HeartbeatAt, n.stopped_at AS StoppedAt
FROM endpoint_health h LEFT JOIN nodes n ON n.id = h.node_id;

-- Of nodes that are gone only what no other row has newer: when an endpoint last succeeded outlives the process that saw it.
-- name: DeleteOvertakenHealth
DELETE FROM endpoint_health
WHERE (kind, subject_id, node_id) IN
      (SELECT h.kind, h.subject_id, h.node_id FROM endpoint_health h
       WHERE NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = h.node_id)
         AND EXISTS (SELECT 1 FROM endpoint_health o
                     WHERE o.kind = h.kind AND o.subject_id = h.subject_id AND o.node_id <> h.node_id
                       AND COALESCE(o.last_success_at, 0) >= COALESCE(h.last_success_at, 0)
                       AND COALESCE(o.last_failure_at, 0) >= COALESCE(h.last_failure_at, 0)
                       AND (COALESCE(o.last_success_at, 0) > COALESCE(h.last_success_at, 0)
                            OR COALESCE(o.last_failure_at, 0) > COALESCE(h.last_failure_at, 0) OR o.node_id > h.node_id))
       LIMIT @limit);

-- name: DeleteHealthOfDeletedSubscriptions
DELETE FROM endpoint_health
WHERE (kind, subject_id, node_id) IN
      (SELECT h.kind, h.subject_id, h.node_id FROM subscriptions s JOIN endpoint_health h ON h.kind = 0 AND h.subject_id = s.id
       WHERE s.state = 2
       LIMIT @limit);
