//! The page kit: locales, texts, dates, zones, security headers, embedded assets.
