/** A report under a name of its maker's; the choice is as in the address of the report's page. */
export type ReportView = { id: number; reportId: string; name: string; choice: string };

/** More than anybody finds again. */
export const mostViews = 50;
