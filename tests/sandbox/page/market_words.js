// What the Marketplace holds, in the words of those who sell through it.

const part = (list, type) => (list ?? []).find((each) => each.Type === type) ?? {};

export const accounts_of = (offer) => part(offer.rules, 'TargetingRule').PositiveTargeting?.BuyerAccounts ?? [];
export const accept_by = (offer) => part(offer.rules, 'AvailabilityRule').AvailabilityEndDate ?? '';

// Why an authorization cannot be used, or '' when it can.
export function unusable(authorization) {
  if (authorization.status !== 'Active') return 'revoked';
  if (authorization.end < new Date().toISOString()) return 'expired';
  return authorization.extended_status === 'Completed-Used' ? 'used up' : '';
}

export const has_end = (authorization) => !authorization.end.startsWith('2099');

// What the ISV asks of us, in one line.
export function price_words(authorization) {
  const currency = authorization.currency ?? 'USD';
  const due = authorization.net_payment ? ` · due ${authorization.net_payment}` : '';
  const words = {
    ResaleUsageBasedPricingTerm: (term) => `${term.RateCards[0].RateCard.length} prices by use`,
    ResaleFixedUpfrontPricingTerm: (term) => `${term.Price} ${currency} for ${term.Duration}`,
    ResaleConfigurableUpfrontPricingTerm: (term) => `to choose: ${term.RateCards.map((each) => each.Selector.Value).join(' or ')}`,
    ResalePaymentScheduleTerm: (term) => term.Schedule.map((each) => `${each.ChargeAmount} ${currency} on ${each.ChargeDate}`).join(', '),
  };
  if (!authorization.pricing) return `Wholesale ${authorization.price} ${currency} per unit${due}`;
  return authorization.pricing.map((term) => words[term.Type]?.(term) ?? term.Type).join(' · ') + due;
}

const steps = {
  CreateOfferUsingResaleAuthorization: 'make a draft',
  UpdateInformation: 'name',
  UpdateMarkup: 'markup',
  UpdateTargeting: 'buyers',
  UpdateAvailability: 'accept-by date',
  UpdateValidityTerms: 'term',
  UpdateLegalTerms: 'EULA',
  UpdatePricingTerms: 'price',
  UpdatePaymentScheduleTerms: 'instalments',
  UpdateNetPaymentTerms: 'payment terms',
  ReleaseOffer: 'release',
};

export function what_it_does(change_set) {
  const types = change_set.ChangeSet.map((each) => each.ChangeType);
  if (types.includes('ReleaseOffer') && types.length === 1) return 'Release the offer';
  if (types[0] === 'CreateOfferUsingResaleAuthorization') return 'Make the Marketplace draft';
  return `Change the draft: ${types.map((each) => steps[each] ?? each).join(', ')}`;
}

export const is_running = (change_set) => ['PREPARING', 'APPLYING'].includes(change_set.Status);

const states = {
  PREPARING: 'AWS checks it', APPLYING: 'AWS applies it', SUCCEEDED: 'done', FAILED: 'failed', CANCELLED: 'cancelled',
};
export const state_words = (change_set) => states[change_set.Status] ?? change_set.Status;

export const errors_of = (change_set) => change_set.ChangeSet.flatMap((each) => each.ErrorDetailList ?? []).map((each) => each.ErrorCode);

// "cppo.INSTALL.12.r1.make.1.1" names the offer that it is for.
export function offer_of(name) {
  const number = name?.match(/^cppo\.[^.]+\.(\d+)\.r\d/)?.[1];
  return number ? `CPPO-${number}` : '';
}
