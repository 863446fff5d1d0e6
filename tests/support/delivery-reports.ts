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
