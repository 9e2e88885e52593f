// A subscription's life on a test clock, lived by stripe-node: trial, conversion, a change, a failed renewal, recovery, cancellation.
import assert from 'node:assert/strict';
import { once as happens } from 'node:events';
import { createServer } from 'node:http';
import Stripe from 'stripe';

const [base, key] = process.argv.slice(2);
const url = new URL(base);
const stripe = new Stripe(key, { apiVersion: '2026-07-29.dahlia', host: url.hostname, port: url.port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
const day = 86_400;
const start = Date.UTC(2026, 0, 31, 12) / 1000;

const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start, name: 'life' });
async function advance(to) {
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to });
  for (;;) {
    const { status } = await stripe.testHelpers.testClocks.retrieve(clock.id);
    if (status === 'ready') return;
  }
}

const product = await stripe.products.create({ name: 'Pro' });
const monthly = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' }, lookup_key: 'pro_monthly' });
const bigger = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 5000, recurring: { interval: 'month' } });
assert.equal((await stripe.prices.list({ lookup_keys: ['pro_monthly'] })).data[0].id, monthly.id);

const customer = await stripe.customers.create({ email: 'ada@example.com', test_clock: clock.id, metadata: { tenant: '7' } });
const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });

// Trial.
let subscription = await stripe.subscriptions.create({
  customer: customer.id,
  items: [{ price: monthly.id, quantity: 1 }],
  trial_period_days: 14,
  trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
  expand: ['latest_invoice'],
});
assert.equal(subscription.status, 'trialing');
assert.equal(subscription.trial_end, start + 14 * day);
assert.equal(subscription.latest_invoice.amount_due, 0);
assert.equal(subscription.latest_invoice.status, 'paid');

// Conversion: active at the trial's end, paid an hour later.
await advance(start + 14 * day);
subscription = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
assert.equal(subscription.status, 'active');
assert.equal(subscription.latest_invoice.status, 'draft');
await advance(start + 14 * day + 3600);
let invoice = await stripe.invoices.retrieve(subscription.latest_invoice.id, { expand: ['payments'] });
assert.equal(invoice.status, 'paid');
assert.equal(invoice.amount_paid, 2000);
assert.equal(invoice.billing_reason, 'subscription_cycle');
const intent = await stripe.paymentIntents.retrieve(invoice.payments.data[0].payment.payment_intent, { expand: ['latest_charge'] });
assert.equal(intent.status, 'succeeded');
assert.equal(intent.latest_charge.amount, 2000);

// A change half-way: what the preview says is what is charged.
const item = subscription.items.data[0];
const halfway = item.current_period_start + (item.current_period_end - item.current_period_start) / 2;
await advance(halfway);
const change = { items: [{ id: item.id, price: bigger.id }], proration_behavior: 'always_invoice', proration_date: halfway };
const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: change });
subscription = await stripe.subscriptions.update(subscription.id, { ...change, expand: ['latest_invoice'] });
assert.equal(preview.amount_due, 1500);
assert.equal(subscription.latest_invoice.amount_paid, 1500);
assert.deepEqual(subscription.latest_invoice.lines.data.map((line) => line.amount), [-1000, 2500]);
assert.equal(subscription.items.data[0].id, item.id);

// A renewal that fails, and recovers with another card.
const failing = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: failing.id } });
await advance(item.current_period_end + 3600);
subscription = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
assert.equal(subscription.status, 'past_due');
assert.equal(subscription.latest_invoice.attempt_count, 1);
await assert.rejects(stripe.invoices.pay(subscription.latest_invoice.id), (error) => error instanceof Stripe.errors.StripeCardError && error.decline_code === 'generic_decline');
await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
invoice = await stripe.invoices.pay(subscription.latest_invoice.id);
assert.equal(invoice.status, 'paid');
subscription = await stripe.subscriptions.retrieve(subscription.id);
assert.equal(subscription.status, 'active');

// A refund, and an end at the period's end that is undone, and then not.
const charges = await stripe.charges.list({ customer: customer.id });
const refund = await stripe.refunds.create({ charge: charges.data.find((charge) => charge.paid).id, amount: 500 });
assert.equal(refund.status, 'succeeded');
subscription = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
assert.equal(subscription.cancel_at, subscription.items.data[0].current_period_end);
subscription = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
assert.equal(subscription.cancel_at, null);
subscription = await stripe.subscriptions.cancel(subscription.id);
assert.equal(subscription.status, 'canceled');

// Errors, idempotency and pages as stripe-node sees them.
await assert.rejects(stripe.subscriptions.cancel(subscription.id), { code: 'resource_missing', statusCode: 404 });
await assert.rejects(stripe.customers.create({ nme: 'x' }), { code: 'parameter_unknown' });
const once = await stripe.customers.create({ name: 'Once' }, { idempotencyKey: 'life-1' });
const again = await stripe.customers.create({ name: 'Once' }, { idempotencyKey: 'life-1' });
assert.equal(again.id, once.id);
await assert.rejects(stripe.customers.create({ name: 'Twice' }, { idempotencyKey: 'life-1' }), (error) => error instanceof Stripe.errors.StripeIdempotencyError);
const types = [];
for await (const event of stripe.events.list({ limit: 10 })) {
  types.push(event.type);
}
for (const type of ['customer.subscription.trial_will_end', 'invoice.payment_failed', 'charge.refunded', 'customer.subscription.deleted', 'test_helpers.test_clock.ready']) {
  assert.ok(types.includes(type), `no ${type}`);
}

// A delivery: the official library takes its signature, and no other secret's.
const receiver = createServer();
receiver.listen(0, '127.0.0.1');
await happens(receiver, 'listening');
const endpoint = await stripe.webhookEndpoints.create({ url: `http://127.0.0.1:${receiver.address().port}/`, enabled_events: ['customer.created'] });
const [[request, response], told] = await Promise.all([happens(receiver, 'request'), stripe.customers.create({ name: 'Told' })]);
const chunks = [];
for await (const chunk of request) {
  chunks.push(chunk);
}
response.end();
receiver.close();
const payload = Buffer.concat(chunks).toString();
const signature = request.headers['stripe-signature'];
assert.equal(stripe.webhooks.constructEvent(payload, signature, endpoint.secret).data.object.id, told.id);
assert.throws(() => stripe.webhooks.constructEvent(payload, signature, 'whsec_other'), Stripe.errors.StripeSignatureVerificationError);

console.log(`stripe-node ${Stripe.PACKAGE_VERSION ?? ''}: lived a subscription's life, ${types.length} events.`.replace('  ', ' '));
