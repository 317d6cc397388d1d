/** The version of msc; a test compares it with package.json. */
export const version = '0.3.0';
