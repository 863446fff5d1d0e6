export type PortalSettings = {
  url: URL;
  trustProxy: number;
  sessionSecret: string;
  /** In development plain localhost is led to the portal's own host name. */
  isDevelopment: boolean;
};
