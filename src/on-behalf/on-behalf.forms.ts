import { z } from 'zod';
import { requiredLine } from '../http/forms.ts';

/** On every form in an organisation's place: why the system owner acts and not the organisation itself. */
export const onBehalfReason = { paaVegne: requiredLine('en begrundelse for at handle på organisationens vegne', 500) };

export const onBehalfForm = z.object(onBehalfReason);
