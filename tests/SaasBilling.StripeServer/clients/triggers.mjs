// Lets the Stripe CLI trigger every event that concerns billing, and checks that the event that was asked for has happened.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const [base, key] = process.argv.slice(2);
const run = promisify(execFile);
const require = createRequire(import.meta.url);
const cli = join(dirname(require.resolve('@stripe/cli-linux-x64/package.json')), 'bin', 'stripe');

const events = `
  billing_portal.configuration.created billing_portal.configuration.updated billing_portal.session.created
  charge.captured charge.dispute.created charge.failed charge.refund.updated charge.refunded charge.succeeded
  checkout.session.completed checkout.session.expired
  coupon.created coupon.deleted coupon.updated
  credit_note.created credit_note.updated credit_note.voided
  customer.created customer.deleted customer.updated
  customer.discount.created customer.discount.deleted customer.discount.updated
  customer.source.created customer.source.updated
  customer.subscription.created customer.subscription.deleted customer.subscription.paused
  customer.subscription.trial_will_end customer.subscription.updated
  invoice.created invoice.deleted invoice.finalized invoice.marked_uncollectible invoice.paid
  invoice.payment_action_required invoice.payment_failed invoice.payment_succeeded invoice.sent invoice.updated invoice.voided
  invoiceitem.created invoiceitem.deleted
  payment_intent.amount_capturable_updated payment_intent.canceled payment_intent.created payment_intent.payment_failed
  payment_intent.requires_action payment_intent.succeeded
  payment_method.attached payment_method.detached payment_method.updated
  plan.created plan.deleted plan.updated price.created price.updated product.created product.deleted product.updated
  promotion_code.created promotion_code.updated
  setup_intent.canceled setup_intent.created setup_intent.requires_action setup_intent.setup_failed setup_intent.succeeded
  subscription.payment_failed subscription.payment_succeeded
  subscription_schedule.aborted subscription_schedule.canceled subscription_schedule.completed subscription_schedule.created
  subscription_schedule.expiring subscription_schedule.released subscription_schedule.updated
  test_helpers.test_clock.advancing test_helpers.test_clock.created test_helpers.test_clock.deleted test_helpers.test_clock.ready
`.trim().split(/\s+/);

// The CLI's own names for scenarios, by the event that each makes.
const madeBy = { 'subscription.payment_failed': 'invoice.payment_failed', 'subscription.payment_succeeded': 'invoice.payment_succeeded' };

// The fixture stops nine days before the schedule ends, and Stripe documents seven: https://docs.stripe.com/api/events/types.
const untold = new Set(['subscription_schedule.expiring']);

async function count(type) {
  const response = await fetch(`${base}/v1/events?limit=100&type=${type}`, { headers: { authorization: `Bearer ${key}` } });
  return (await response.json()).data.length;
}

const failures = [];
for (const event of events) {
  const type = madeBy[event] ?? event;
  const before = await count(type);
  let output = '';
  try {
    output = (await run(cli, ['trigger', event, '--api-base', base, '--api-key', key], { timeout: 60_000 })).stdout;
  } catch (error) {
    output = `${error.stdout}${error.stderr}`;
  }

  const after = await count(type);
  if (!output.includes('Trigger succeeded')) {
    failures.push(`${event}: ${output.split('\n').find((line) => line.includes('failed')) ?? output}`);
  } else if (after <= before && before < 100 && !untold.has(event)) {
    failures.push(`${event}: the trigger succeeded, and no ${type} was told`);
  }
}

console.log(`Stripe CLI: ${events.length - failures.length} of ${events.length} triggers did what they say.`);
for (const failure of failures) {
  console.error(failure);
}
process.exit(failures.length === 0 ? 0 : 1);
