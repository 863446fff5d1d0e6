// Asks this container's sebadmin under the name that it answers to.
import { get } from 'node:http';

const { host } = new URL(process.env.SEBADMIN_URL);
const asked = get(
  { host: '127.0.0.1', port: process.env.SEBADMIN_PORT, path: '/health', headers: { host } },
  (answer) => process.exit(answer.statusCode === 200 ? 0 : 1),
);
asked.on('error', () => process.exit(1));
