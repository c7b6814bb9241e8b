//! Making, dropping and opening indexes.
