//! The formats that Core 5.1 gives to claims, each by a check that changes nothing.

mod birthdate;
mod email;
mod phone;
mod zone;

pub use birthdate::Birthdate;
pub(crate) use email::check_addr_spec;
pub use phone::PhoneNumberError;
pub(crate) use phone::check_phone_number;
pub(crate) use zone::is_zone_name;
