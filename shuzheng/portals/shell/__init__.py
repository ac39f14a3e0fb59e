"""Shell (门户外壳): what every front shares – frame, components, sign-in, whose affairs these are, and the edge.

Flow of a request: `LanguageMiddleware` (the reader's own switch) → `ActorMiddleware` (`request.actor`, `request.at`)
→ `PolicyMiddleware` (strict content security policy, no caches) → `ErrorMiddleware` → a view behind `guards.residents`
or `guards.officers`. Any error becomes a page or an RFC 9457 problem in `failures`. What was typed when a session had
lapsed is kept by `held` and given back once. Standards: WCAG 2.2 AA, GB/T 37668, RFC 9457, CSP Level 3.
"""
