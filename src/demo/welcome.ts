import type { Config } from '../config.ts';
import { demoPeople } from './demo-people.ts';

/** The addresses and the people to sign in as, for the terminal. */
export function welcome(config: Config, database: string, logFolder: string): string {
  const addresses = [
    ['sebadmin (administrators)', config.sebadminUrl.origin],
    ['sebanmod (all employees)', config.sebanmodUrl.origin],
    ...(config.demo.mode === 'on'
      ? [
          ['Test identity provider', config.demo.idpUrl.origin],
          ['Mailbox', config.demo.mailUrl.origin],
        ]
      : []),
    ['Database', database],
    ['Logs', logFolder],
  ];
  const people = demoPeople.map(({ firstName, lastName, roleInSeb, organisationName }) => [
    `${firstName} ${lastName}`,
    organisationName,
    roleInSeb,
  ]);
  const signIn =
    config.demo.mode === 'on' ? ['', 'Sign in with the test identity provider as:', '', ...table(people)] : [];
  return ['', 'SEB is running.', '', ...table(addresses), ...signIn, '', 'Stop with Ctrl-C.', ''].join('\n');
}

function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd());
}
