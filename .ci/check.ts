import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What is looked at without running it, side by side: each part waits for things that another can do meanwhile. */
const withoutClient = ['format:check'];
const withClient = ['typecheck', 'lint', 'architecture'];

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

type Done = { part: string; code: number | null; seconds: number; said: string };

/** The npm script in a shell, whose path npm has set; what it says is kept until it has ended. */
function run(part: string): Promise<Done> {
  const begun = performance.now();
  const child = spawn(scripts[part] ?? 'exit 1', { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  child.stdout.on('data', (text: Buffer) => said.push(text));
  child.stderr.on('data', (text: Buffer) => said.push(text));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const seconds = Math.round((performance.now() - begun) / 1000);
      const done = { part, code, seconds, said: Buffer.concat(said).toString('utf8') };
      tell(done);
      resolve(done);
    });
  });
}

function tell({ part, code, seconds, said }: Done): void {
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${part} (${seconds} s)`);
  if (code !== 0) console.log(said);
}

const format = withoutClient.map(run);
const client = await run('db:generate');
const rest = client.code === 0 ? withClient.map(run) : [];
const failed = [client, ...(await Promise.all([...format, ...rest]))].filter(({ code }) => code !== 0);
if (failed.length > 0) {
  console.log(`Failed: ${failed.map(({ part }) => part).join(', ')}`);
  process.exitCode = 1;
}
