/**
 * Stock user attribute types. The reference counts 23 and shows thirteen codes (FIRSTNAME to ATR_CIBACB here); the other
 * ten are ours, for what a directory usually knows of a person. `core` names the SCIM member that is the same value.
 */
import type { AttributeType } from '#domain/attribute-type.ts'

function attributeType(code: string, name: string, core?: string): AttributeType {
  const type = { code, name, encrypted: false, predefined: true, multiValued: false }
  return core === undefined ? type : { ...type, core }
}

export const attributeTypes: readonly AttributeType[] = [
  attributeType('FIRSTNAME', 'First name', 'name.givenName'),
  attributeType('LASTNAME', 'Last name', 'name.familyName'),
  attributeType('TITLE', 'Title', 'title'),
  attributeType('EMAIL', 'E-mail address of the person'),
  attributeType('DOB', 'Date of birth'),
  attributeType('ADDRESS1', 'Address, first line', 'addresses[0].formatted'),
  attributeType('ADDRESS2', 'Address, second line', 'addresses[1].formatted'),
  attributeType('ADDRESS3', 'Address, third line', 'addresses[2].formatted'),
  attributeType('ADDRESS4', 'Address, fourth line', 'addresses[3].formatted'),
  attributeType('EXTERNALID', 'Identifier in the directory', 'externalId'),
  attributeType('ATR_EMAIL', 'E-mail address for one-time codes', 'emails[0].value'),
  attributeType('ATR_MOBILE', 'Mobile number for one-time codes', 'phoneNumbers[0].value'),
  attributeType('ATR_CIBACB', 'Callback address of a client'),
  attributeType('MIDDLENAME', 'Middle name'),
  attributeType('LANGUAGE', 'Preferred language'),
  attributeType('TIMEZONE', 'Time zone'),
  attributeType('COUNTRY', 'Country'),
  attributeType('PHONE', 'Telephone number at work'),
  attributeType('COMPANY', 'Company'),
  attributeType('DEPARTMENT', 'Department'),
  attributeType('COSTCENTER', 'Cost centre'),
  attributeType('MANAGER', 'Manager'),
  attributeType('EMPLOYEEID', 'Number of the employee'),
]
