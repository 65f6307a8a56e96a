export { PhoneAuth, type InvitedUsersQuery, type PhoneAuthOptions } from './phone-auth.js';
export { PhoneAuthError, type ContractCode, type ErrorCode } from './errors.js';
export { localStorageTokens, memoryStorage, type Tokens, type TokenStorage } from './storage.js';
export type * from './generated/api.js';
