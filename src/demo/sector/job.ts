/** What people in a job do, where they sit, and which roles ("service/role") they have always, mostly or now and then. */
export type Job = { title: string; share: number; at: RegExp; always: string[]; often: string[]; seldom: string[] };

/** The roles are written with spaces between them. */
export function job(title: string, share: number, at: RegExp, always: string, often: string, seldom: string): Job {
  const codes = (text: string) => text.split(' ').filter(Boolean);
  return { title, share, at, always: codes(always), often: codes(often), seldom: codes(seldom) };
}
