export const link = {
  notConnected: 'not connected: the change was not sent',
  lostDuring: (fileName: string) => `${fileName}: the connection to the host was lost`,
  httpStatus: (status: number) => `the host answered with HTTP status ${status}`,
};
