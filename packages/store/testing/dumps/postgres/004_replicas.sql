CREATE TABLE api_tokens (
    id text NOT NULL,
    hash text NOT NULL,
    made bigint NOT NULL,
    last_used_ms bigint,
    revoked_at text,
    body text NOT NULL
);
CREATE TABLE approvals (
    id text NOT NULL,
    plan_id text NOT NULL,
    state text NOT NULL,
    expires_ms bigint NOT NULL,
    made bigint NOT NULL,
    decisions text NOT NULL,
    body text NOT NULL
);
CREATE TABLE audit (
    seq bigint NOT NULL,
    hash text NOT NULL,
    body text NOT NULL
);
CREATE TABLE audit_head (
    id integer NOT NULL,
    count bigint NOT NULL,
    hash text NOT NULL
);
CREATE TABLE idempotency (
    caller text NOT NULL,
    key text NOT NULL,
    hash text NOT NULL,
    fence bigint NOT NULL,
    until_ms bigint NOT NULL,
    expires_ms bigint NOT NULL,
    acted integer NOT NULL,
    plans text NOT NULL,
    status integer,
    body text
);
CREATE TABLE job_events (
    job_id text NOT NULL,
    seq bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE job_steps (
    job_id text NOT NULL,
    step integer NOT NULL,
    body text NOT NULL
);
CREATE TABLE jobs (
    id text NOT NULL,
    plan_id text NOT NULL,
    approval_id text NOT NULL,
    cluster text NOT NULL,
    state text NOT NULL,
    cancelling integer NOT NULL,
    made bigint NOT NULL,
    owner text,
    fence bigint NOT NULL,
    held_until_ms bigint NOT NULL,
    last_event bigint NOT NULL,
    started_at text,
    ending text,
    body text NOT NULL
);
CREATE TABLE kysely_migration (
    name character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL
);
CREATE TABLE kysely_migration_lock (
    id character varying(255) NOT NULL,
    is_locked integer DEFAULT 0 NOT NULL
);
CREATE TABLE leases (
    name text NOT NULL,
    owner text NOT NULL,
    fence bigint NOT NULL,
    until_ms bigint NOT NULL
);
CREATE TABLE plans (
    id text NOT NULL,
    sealed integer NOT NULL,
    body text NOT NULL
);
CREATE TABLE rate_limits (
    key character varying(255) NOT NULL,
    points integer DEFAULT 0 NOT NULL,
    expire bigint
);
CREATE TABLE scan_findings (
    scan_id text NOT NULL,
    n bigint NOT NULL,
    severity text NOT NULL,
    target text NOT NULL,
    rule text NOT NULL,
    body text NOT NULL
);
CREATE TABLE scan_scores (
    connection text NOT NULL,
    target text NOT NULL,
    type text NOT NULL,
    scan_id text NOT NULL,
    completed_ms bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE scans (
    id text NOT NULL,
    made bigint NOT NULL,
    status text NOT NULL,
    run integer NOT NULL,
    started_at text,
    completed_at text,
    error text,
    result text,
    detail text,
    body text NOT NULL
);
INSERT INTO api_tokens VALUES ('tok_1', 'hash-1', 3, NULL, NULL, '{"id":"tok_1","name":"old","description":"","prefix":"pxa_abcdefgh","scopes":["vm:read"],"approval":"own","created_at":"2026-02-23T10:00:01.000Z","created_by":"anna","expires_at":null}');
INSERT INTO approvals VALUES ('approval-1', '1', 'used', 1771840800000, 1, '[{"by":{"name":"anna","door":"terminal"},"at":"2026-02-23T10:00:01.000Z","decision":"approved"}]', '{"id":"approval-1","plan_id":"1","plan_hash":"sha256:1","cluster":"lab","needed":1,"requester_may":true,"requested_by":{"name":"anna","door":"terminal"},"requested_at":"2026-02-23T10:00:00.000Z","expires_at":"2026-02-23T10:15:00.000Z"}');
INSERT INTO audit VALUES (1, '99eaabec40d26719e66affc7b8d16a08dee3a17972751ab8d318e69b8205306c', '{"at":"2026-02-23T10:00:00.000Z","before":"0000000000000000000000000000000000000000000000000000000000000000","cluster":"lab","data":{},"door":"terminal","job_id":null,"kind":"plan.proposed","plan_id":null,"seq":1,"who":"anna"}');
INSERT INTO audit VALUES (2, 'e99aa78458264e963f1dbf5faa3e0611f3da3f485963d75f5fdb063e6b4d14b1', '{"at":"2026-02-23T10:00:00.000Z","before":"99eaabec40d26719e66affc7b8d16a08dee3a17972751ab8d318e69b8205306c","cluster":"lab","data":{},"door":"terminal","job_id":null,"kind":"job.begun","plan_id":null,"seq":2,"who":"anna"}');
INSERT INTO audit VALUES (3, 'c16c569d7521559cc90d98eb7f3e99cf55642f5af87e4144ce411ae9e0a10f46', '{"at":"2026-02-23T10:00:00.000Z","before":"e99aa78458264e963f1dbf5faa3e0611f3da3f485963d75f5fdb063e6b4d14b1","cluster":"lab","data":{},"door":"terminal","job_id":null,"kind":"token.created","plan_id":null,"seq":3,"who":"anna"}');
INSERT INTO audit_head VALUES (1, 3, 'c16c569d7521559cc90d98eb7f3e99cf55642f5af87e4144ce411ae9e0a10f46');
INSERT INTO job_events VALUES ('job-1', 1, '{"job_id":"job-1","at":"2026-02-23T10:00:02.000Z","kind":"queued","text":"Start it","seq":1}');
INSERT INTO job_steps VALUES ('job-1', 0, '{"index":0,"state":"pending"}');
INSERT INTO job_steps VALUES ('job-1', 1, '{"index":1,"state":"pending"}');
INSERT INTO jobs VALUES ('job-1', '1', 'approval-1', 'lab', 'queued', 0, 2, NULL, 0, 0, 1, NULL, NULL, '{"id":"job-1","plan_id":"1","approval_id":"approval-1","cluster":"lab","says":"Start it","created_at":"2026-02-23T10:00:01.000Z"}');
INSERT INTO kysely_migration VALUES ('001_first', '2026-11-21T22:22:07.551Z');
INSERT INTO kysely_migration VALUES ('002_tokens', '2026-11-21T22:22:07.553Z');
INSERT INTO kysely_migration VALUES ('003_scans', '2026-11-21T22:22:07.556Z');
INSERT INTO kysely_migration VALUES ('004_replicas', '2026-11-21T22:22:07.559Z');
INSERT INTO kysely_migration_lock VALUES ('migration_lock', 0);
INSERT INTO plans VALUES ('1', 0, '{"plan":{"id":"1","hash":"sha256:1","expires_at":"2026-02-23T10:15:00.000Z","risk":"change","says":"Start VM 1","steps":[{"method":"POST","path":"/nodes/a/qemu/0/status/start","params":{},"says":"Start"},{"method":"POST","path":"/nodes/a/qemu/1/status/start","params":{},"says":"Start"}],"assumptions":[],"warnings":[],"changes":[],"loses":[]},"created_at":"2026-02-23T10:00:00.000Z","cluster":"lab","requested_by":{"name":"anna","door":"terminal"},"request":"start it","action":"guests.start","records":[],"on_failure":"stop"}');
ALTER TABLE ONLY api_tokens
    ADD CONSTRAINT api_tokens_hash_key UNIQUE (hash);
ALTER TABLE ONLY api_tokens
    ADD CONSTRAINT api_tokens_made_key UNIQUE (made);
ALTER TABLE ONLY api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);
ALTER TABLE ONLY approvals
    ADD CONSTRAINT approvals_made_key UNIQUE (made);
ALTER TABLE ONLY approvals
    ADD CONSTRAINT approvals_pkey PRIMARY KEY (id);
ALTER TABLE ONLY approvals
    ADD CONSTRAINT approvals_plan_id_key UNIQUE (plan_id);
ALTER TABLE ONLY audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY idempotency
    ADD CONSTRAINT idempotency_key PRIMARY KEY (caller, key);
ALTER TABLE ONLY job_events
    ADD CONSTRAINT job_events_key PRIMARY KEY (job_id, seq);
ALTER TABLE ONLY job_steps
    ADD CONSTRAINT job_steps_key PRIMARY KEY (job_id, step);
ALTER TABLE ONLY jobs
    ADD CONSTRAINT jobs_approval_id_key UNIQUE (approval_id);
ALTER TABLE ONLY jobs
    ADD CONSTRAINT jobs_made_key UNIQUE (made);
ALTER TABLE ONLY jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY kysely_migration_lock
    ADD CONSTRAINT kysely_migration_lock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY kysely_migration
    ADD CONSTRAINT kysely_migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (name);
ALTER TABLE ONLY plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (id);
ALTER TABLE ONLY rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (key);
ALTER TABLE ONLY scan_findings
    ADD CONSTRAINT scan_findings_key PRIMARY KEY (scan_id, n);
ALTER TABLE ONLY scan_scores
    ADD CONSTRAINT scan_scores_key PRIMARY KEY (connection, target, type);
ALTER TABLE ONLY scans
    ADD CONSTRAINT scans_made_key UNIQUE (made);
ALTER TABLE ONLY scans
    ADD CONSTRAINT scans_pkey PRIMARY KEY (id);
CREATE INDEX idempotency_by_end ON idempotency USING btree (expires_ms);
CREATE INDEX jobs_by_state ON jobs USING btree (state, made);
ALTER TABLE ONLY approvals
    ADD CONSTRAINT approvals_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id);
ALTER TABLE ONLY job_events
    ADD CONSTRAINT job_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id);
ALTER TABLE ONLY job_steps
    ADD CONSTRAINT job_steps_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id);
ALTER TABLE ONLY jobs
    ADD CONSTRAINT jobs_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approvals(id);
ALTER TABLE ONLY jobs
    ADD CONSTRAINT jobs_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id);
