//! Search of a mutuelle. To be written.
