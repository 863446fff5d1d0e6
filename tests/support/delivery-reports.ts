type Parts = {
  envelopeId?: string;
  /** Of the mail that comes back. */
  messageId?: string;
  returnedAs?: 'text/rfc822-headers' | 'message/rfc822';
  action?: string;
  status?: string;
};

/** A report as Postfix writes it (RFC 3464). */
export function deliveryReport({
  envelopeId,
  messageId,
  returnedAs = 'text/rfc822-headers',
  action = 'failed',
  status = '5.1.1',
}: Parts): Buffer {
  return Buffer.from(
    [
      'From: MAILER-DAEMON@relay.example (Mail Delivery System)',
      'To: retur@seb.example',
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="B1"',
      '',
      '--B1',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      'I am sorry to have to inform you ...',
      '',
      '--B1',
      'Content-Description: Delivery report',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; relay.example',
      ...(envelopeId === undefined ? [] : [`Original-Envelope-Id: ${envelopeId}`]),
      'Arrival-Date: Mon, 30 Nov 2026 00:00:00 +0000',
      '',
      'Final-Recipient: rfc822; gone@region.example',
      `Action: ${action}`,
      `Status: ${status}`,
      'Diagnostic-Code: smtp; 550 5.1.1 User unknown',
      '    here',
      '',
      '--B1',
      `Content-Type: ${returnedAs}`,
      '',
      'Return-Path: <retur@seb.example>',
      ...(messageId === undefined ? [] : [`Message-ID: ${messageId}`]),
      'Subject: x',
      '',
      '--B1--',
      '',
    ].join('\r\n'),
  );
}

/** A report as qmail-send writes it (QSBMF), without MIME. */
export function qmailReport(messageId: string, said: string): Buffer {
  return Buffer.from(
    [
      'Date: 30 Nov 2026 03:54:40 -0000',
      'From: MAILER-DAEMON@relay.example',
      'To: retur@seb.example',
      'Subject: failure notice',
      '',
      'Hi. This is the qmail-send program at relay.example.',
      "I'm afraid I wasn't able to deliver your message to the following addresses.",
      "This is a permanent error; I've given up. Sorry it didn't work out.",
      '',
      '<gone@region.example>:',
      said,
      '',
      '--- Below this line is a copy of the message.',
      '',
      'Return-Path: <retur@seb.example>',
      'Received: (qmail 317 invoked by uid 7); 30 Nov 2026 03:54:38 -0000',
      `Message-ID: ${messageId}`,
      'Subject: x',
      'MIME-Version: 1.0',
      'Content-Type: multipart/alternative; boundary="B1"',
      '',
      '--B1',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hej',
      '',
      '--B1--',
      '',
    ].join('\n'),
  );
}
