/**
 * Loaded into each process that `npm start` starts: the channel to the parent closes when the parent ends,
 * however it ends, and then this process ends in its orderly way too.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Listening must not be what keeps the process alive.
process.channel?.unref();
