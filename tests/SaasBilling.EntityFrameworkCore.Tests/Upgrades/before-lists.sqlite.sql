CREATE TABLE "billing_customers" (
    "id" TEXT NOT NULL CONSTRAINT "pk_billing_customers" PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "email" TEXT NULL,
    "name" TEXT NULL,
    "currency" TEXT NULL,
    "created_at" TEXT NOT NULL,
    "deleted_at" TEXT NULL,
    "wake_at" TEXT NULL,
    "state" TEXT NOT NULL
);


CREATE TABLE "billing_events" (
    "customer_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subscription_id" TEXT NULL,
    "occurred_at" TEXT NOT NULL,
    "recorded_at" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    CONSTRAINT "pk_billing_events" PRIMARY KEY ("customer_id", "version", "position")
);


CREATE TABLE "billing_inbox" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_billing_inbox" PRIMARY KEY AUTOINCREMENT,
    "provider" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "is_live" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "object_id" TEXT NULL,
    "subject" TEXT NOT NULL,
    "received_at" TEXT NOT NULL,
    "body" TEXT NULL,
    "handled_at" TEXT NULL,
    "job_key" TEXT NOT NULL
);


CREATE TABLE "billing_invoices" (
    "customer_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "subscription_id" TEXT NULL,
    "number" TEXT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "amount_due" INTEGER NOT NULL,
    "amount_paid" INTEGER NOT NULL,
    "created_at" TEXT NOT NULL,
    "finalized_at" TEXT NULL,
    "due_at" TEXT NULL,
    "paid_at" TEXT NULL,
    "next_payment_attempt" TEXT NULL,
    "data" TEXT NOT NULL,
    CONSTRAINT "pk_billing_invoices" PRIMARY KEY ("customer_id", "id")
);


CREATE TABLE "billing_jobs" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_billing_jobs" PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "due_at" TEXT NULL,
    "not_before" TEXT NULL,
    "ready_at" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "lease_token" TEXT NULL,
    "leased_customer_id" TEXT NULL,
    "leased_until" TEXT NULL,
    "leased_due_at" TEXT NULL,
    "attempts" INTEGER NOT NULL,
    "is_suspect" INTEGER NOT NULL,
    "last_error" TEXT NULL,
    "event_id" TEXT NULL
);


CREATE TABLE "billing_mrr_movements" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_billing_mrr_movements" PRIMARY KEY AUTOINCREMENT,
    "customer_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "delta" INTEGER NOT NULL
);


CREATE TABLE "billing_subscriptions" (
    "customer_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "plan_key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "currency" TEXT NULL,
    "billing_interval" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "period_start" TEXT NOT NULL,
    "period_end" TEXT NOT NULL,
    "trial_start" TEXT NULL,
    "trial_end" TEXT NULL,
    "cancels_at" TEXT NULL,
    "canceled_at" TEXT NULL,
    "ended_at" TEXT NULL,
    "past_due_since" TEXT NULL,
    "is_paused" INTEGER NOT NULL,
    "items" TEXT NOT NULL,
    CONSTRAINT "pk_billing_subscriptions" PRIMARY KEY ("customer_id", "id")
);


CREATE TABLE "billing_trials" (
    "customer_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "plan_key" TEXT NOT NULL,
    "started_at" TEXT NOT NULL,
    "ended_at" TEXT NULL,
    "converted_at" TEXT NULL,
    CONSTRAINT "pk_billing_trials" PRIMARY KEY ("customer_id", "position")
);


CREATE TABLE "billing_usage" (
    "customer_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "quantity" TEXT NOT NULL,
    "at" TEXT NOT NULL,
    CONSTRAINT "pk_billing_usage" PRIMARY KEY ("customer_id", "meter", "key")
);


CREATE INDEX "ix_billing_customers_created_at" ON "billing_customers" ("created_at", "id");


CREATE INDEX "ix_billing_customers_email" ON "billing_customers" ("email");


CREATE UNIQUE INDEX "ix_billing_events_id" ON "billing_events" ("customer_id", "id");


CREATE INDEX "ix_billing_events_type" ON "billing_events" ("type", "occurred_at");


CREATE UNIQUE INDEX "ix_billing_inbox_event" ON "billing_inbox" ("provider", "is_live", "event_id");


CREATE UNIQUE INDEX "ix_billing_inbox_job_key" ON "billing_inbox" ("job_key");


CREATE INDEX "ix_billing_inbox_received_at" ON "billing_inbox" ("received_at", "id");


CREATE INDEX "ix_billing_invoices_created_at" ON "billing_invoices" ("customer_id", "created_at");


CREATE INDEX "ix_billing_invoices_number" ON "billing_invoices" ("number");


CREATE INDEX "ix_billing_invoices_status" ON "billing_invoices" ("status", "created_at");


CREATE UNIQUE INDEX "ix_billing_jobs_key" ON "billing_jobs" ("key");


CREATE INDEX "ix_billing_jobs_lane" ON "billing_jobs" ("customer_id", "kind", "lane", "sequence", "id");


CREATE UNIQUE INDEX "ix_billing_jobs_leased" ON "billing_jobs" ("leased_customer_id", "kind");


CREATE INDEX "ix_billing_jobs_ready_at" ON "billing_jobs" ("status", "kind", "ready_at", "id");


CREATE INDEX "ix_billing_mrr_movements_at" ON "billing_mrr_movements" ("at", "id");


CREATE INDEX "ix_billing_mrr_movements_customer" ON "billing_mrr_movements" ("customer_id");


CREATE INDEX "ix_billing_subscriptions_past_due_since" ON "billing_subscriptions" ("status", "past_due_since");


CREATE INDEX "ix_billing_subscriptions_period_end" ON "billing_subscriptions" ("status", "period_end");


CREATE INDEX "ix_billing_subscriptions_trial_end" ON "billing_subscriptions" ("status", "trial_end");


CREATE INDEX "ix_billing_trials_converted_at" ON "billing_trials" ("converted_at");


CREATE INDEX "ix_billing_trials_ended_at" ON "billing_trials" ("ended_at");
