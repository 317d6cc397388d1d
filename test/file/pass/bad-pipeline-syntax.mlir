// msc opt --pass-pipeline='builtin.module(canonicalize'
module {
}
// ---- log ----
// MSC0501: expected ')' in the pass pipeline before 'the end'
