//! Statistics. To be written.
