// Change sets as a partner makes them, and orders to the sandbox's Marketplace.
import { url } from './people.js';

export async function order(name, body) {
  const reply = await fetch(`${url}/_sandbox/market/${name}`, { method: 'POST', body: JSON.stringify(body) });
  return reply.json();
}

export const update = (id, ChangeType, DetailsDocument) => ({ ChangeType, Entity: { Type: 'Offer@1.0', Identifier: id }, DetailsDocument });
export const info = (id) => update(id, 'UpdateInformation', { Name: 'Archera - Subscription', Description: 'for Alpha' });
export const release = (id) => [update(id, 'ReleaseOffer', {})];

// The first `only` changes of a draft; with `backwards`, told in that order.
export function create({ authorization = 'resaleauthz-bronze2024', only, backwards } = {}) {
  const id = '$CreateCPPO.Entity.Identifier';
  const changes = [
    {
      ChangeType: 'CreateOfferUsingResaleAuthorization',
      ChangeName: 'CreateCPPO',
      Entity: { Type: 'Offer@1.0' },
      DetailsDocument: { ResaleAuthorizationId: authorization, Name: 'Archera - Subscription', Description: 'for Alpha' },
    },
    info(id),
    update(id, 'UpdateMarkup', { Percentage: '25' }),
    update(id, 'UpdateTargeting', { PositiveTargeting: { BuyerAccounts: ['222233334444'] } }),
    update(id, 'UpdateAvailability', { AvailabilityEndDate: '2099-12-31' }),
    update(id, 'UpdateValidityTerms', { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P3650D' }] }),
  ].slice(0, only);
  return backwards ? changes.reverse() : changes;
}
