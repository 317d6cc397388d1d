// msc opt --pass-pipeline='canonicalise,cse{depth=3},inline{limit=4}'
module {
}
// ---- log ----
// MSC0502: there is no pass 'canonicalise'; passes are canonicalize, cse, dce, differentiate, inline, predicate, symbol-dce
// MSC0503: pass 'cse' has no option 'depth'
