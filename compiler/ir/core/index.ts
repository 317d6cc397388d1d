export * from './type.ts';
export * from './attribute.ts';
export * from './location.ts';
export * from './operation.ts';
export * from './definition.ts';
export * from './builder.ts';
