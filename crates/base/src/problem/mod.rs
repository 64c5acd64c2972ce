//! Problem documents.
