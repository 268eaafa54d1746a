//! A connector for the Tryton ERP.
