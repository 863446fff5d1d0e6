/** Where the sealing of the log is shown and checked. */
export const sealPath = '/log/forsegling';
