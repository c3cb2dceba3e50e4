/**
 * What messages say where neither a workflow nor the tenant says otherwise. English; a tenant adds languages of its own. No
 * text names a user, and none holds more than one code or one link.
 */
import type { MessageTemplate } from '#domain/message-template.ts'

const common = { readOnly: true, language: 'en' } as const
const mail = { ...common, method: 'email' } as const
const sms = { ...common, method: 'sms' } as const

const IGNORE = 'If you did not ask for this, ignore the message and tell nobody the code.'

export const messageTemplates: readonly MessageTemplate[] = [
  {
    ...mail,
    code: 'OOB_EMAIL_EN',
    name: 'One-time code by mail',
    purpose: 'oob',
    subject: '{$application}: your code',
    text: `Your code for {$application} is {$secret}\n\nIt can be used once, within {$validity}.\n\n${IGNORE}\n`,
  },
  {
    ...sms,
    code: 'OOB_SMS_EN',
    name: 'One-time code by SMS',
    purpose: 'oob',
    text: '{$secret} is your code for {$application}. It is good for {$validity}. Tell it to nobody.',
  },
  {
    ...mail,
    code: 'ACTIVATION_EMAIL_EN',
    name: 'Activation code by mail',
    purpose: 'activation',
    subject: '{$application}: your activation code',
    text: `Your activation code for {$application} is {$secret}\n\nIt is good for {$validity}.\n\n${IGNORE}\n`,
  },
  {
    ...sms,
    code: 'ACTIVATION_SMS_EN',
    name: 'Activation code by SMS',
    purpose: 'activation',
    text: '{$secret} is your activation code for {$application}. Tell it to nobody.',
  },
  {
    ...mail,
    code: 'RESET_EMAIL_EN',
    name: 'New password, by mail',
    purpose: 'reset',
    subject: '{$application}: set a new password',
    text: [
      'Somebody asked to set a new password for your account at {$application}.',
      'The code is {$secret}',
      'You can also open this page, which asks before it changes anything:\n{$link}',
      'The code is good for {$validity}. Your password stays as it is until you set another.',
      'If you did not ask for this, ignore the message and tell nobody the code.\n',
    ].join('\n\n'),
  },
  {
    ...sms,
    code: 'RESET_SMS_EN',
    name: 'New password, by SMS',
    purpose: 'reset',
    text: '{$secret} is your code to set a new password at {$application}, for {$validity}. Tell it to nobody.',
  },
  {
    ...mail,
    code: 'TRANSACTION_EMAIL_EN',
    name: 'Code for a transaction, by mail',
    purpose: 'transaction',
    subject: '{$application}: confirm',
    text: `The code that confirms your request at {$application} is {$secret}\n\nIt is good for {$validity}.\n\n${IGNORE}\n`,
  },
  {
    ...sms,
    code: 'TRANSACTION_SMS_EN',
    name: 'Code for a transaction, by SMS',
    purpose: 'transaction',
    text: '{$secret} confirms your request at {$application}. Tell it to nobody.',
  },
  {
    ...mail,
    code: 'INVITATION_EMAIL_EN',
    name: 'Invitation, by mail',
    purpose: 'invitation',
    subject: '{$application}: set up your account',
    text: 'An account at {$application} waits for you. To set it up, open this page within {$validity}:\n\n{$link}\n',
  },
]
