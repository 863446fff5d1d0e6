import { z } from 'zod';
import { emailAddress, ids, oneOf } from '../http/forms.ts';
import { bothChosen } from './status.forms.ts';

export type Wish = { email: string; concernsAll: boolean; serviceIds: number[] };

/** Tilmeld driftsmeddelelser: an address, and all messages or those of some services. */
export const subscribeForm = z
  .object({
    email: emailAddress('e-mailadresse'),
    omfang: oneOf(['alt', 'services'], 'Vælg, hvilke driftsmeddelelser du vil have'),
    service: ids('Vælg services på listen', 500),
  })
  .transform(({ email, omfang, service }, context): Wish => {
    const concernsAll = omfang === 'alt';
    if (!concernsAll && service.length === 0)
      context.addIssue({ code: 'custom', path: ['service'], message: 'Vælg mindst én service, eller vælg alle' });
    if (concernsAll && service.length > 0)
      context.addIssue({ code: 'custom', path: ['omfang'], message: bothChosen('alle driftsmeddelelser') });
    return { email, concernsAll, serviceIds: concernsAll ? [] : service };
  });
