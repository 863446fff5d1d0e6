import { worker } from 'workerpool';
import { openResponse } from './open-response.ts';

// The worker thread's side of response-workers.ts.
worker({ openResponse });
