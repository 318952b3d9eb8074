/* Reads one mail from stdin; writes what mailparser finds in its headers as JSON. */

import {simpleParser} from 'mailparser';

const chunks = [];
for await (const chunk of process.stdin) {
  chunks.push(chunk);
}
const mail = await simpleParser(Buffer.concat(chunks));
console.log(JSON.stringify({
  list: mail.headers.get('list'),
  messageId: mail.messageId,
  references: mail.references,
  inReplyTo: mail.inReplyTo,
  subject: mail.subject,
  from: mail.from.value,
  replyTo: mail.replyTo?.value,
  to: mail.to.value.map(one => one.address)
}));
