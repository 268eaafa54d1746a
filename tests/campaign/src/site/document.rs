//! The document of a site.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::{OF_A_CUSTOMER, name_of};
use crate::platform::{Kind, PAGE};

/// Every transfer reads a stream of its own and writes one.
pub(super) fn document(address: SocketAddr, transfers: usize, every: Option<&str>) -> String {
    let mut text = String::from(
        "[tenant]\nname = \"Partner\"\n\n[[integration]]\nname = \"platform\"\nconnector = \"weighbridge.rest\"\n\
         networks = [\"127.0.0.1/32\"]\n",
    );
    for first in (0..transfers).step_by(OF_A_CUSTOMER) {
        customer(&mut text, address, first..transfers.min(first + OF_A_CUSTOMER), every);
    }
    text
}

fn customer(text: &mut String, address: SocketAddr, numbers: std::ops::Range<usize>, every: Option<&str>) {
    let (customer, _) = name_of(numbers.start);
    let _ = write!(
        text,
        "\n[[customer]]\nname = \"{customer}\"\nstatus = \"active\"\n\n[[customer.connection]]\nname = \"platform\"\n\
         integration = \"platform\"\n\n[customer.connection.configuration]\nbase_url = \"http://{address}\"\n"
    );
    for number in numbers.clone() {
        stream(text, number);
    }
    for number in numbers {
        transfer(text, number, every);
    }
}

fn stream(text: &mut String, number: usize) {
    let since = if Kind::of(number).is_incremental() {
        ", incremental = { parameter = \"since\", field = \"version\", ordered = true }"
    } else {
        ""
    };
    let write = |method: &str| {
        format!(
            "{{ method = \"{method}\", path = \"/sink/{number}\", body = \"lines\", records = {PAGE}, results = \
                 \"/results\", id = \"/id\", rejections = {{ list = \"/rejected\" }} }}"
        )
    };
    let _ = write!(
        text,
        "\n[customer.connection.configuration.streams.r{number}]\nprimary_key = [\"id\"]\nread = {{ path = \
         \"/source/{number}\", records = \"/data\", page_size = {PAGE}, size_parameter = \"limit\", pagination = {{ kind = \
         \"cursor\", parameter = \"after\", pointer = \"/next\" }}{since} }}\n\n\
         [customer.connection.configuration.streams.w{number}]\nprimary_key = [\"id\"]\nupsert = {}\ncreate = {}\n",
        write("PUT"),
        write("POST")
    );
}

fn transfer(text: &mut String, number: usize, every: Option<&str>) {
    for (letter, direction) in [('r', "source"), ('w', "destination")] {
        let _ = write!(
            text,
            "\n[[customer.endpoint]]\nname = \"{letter}{number}\"\ndescription = \"One of a campaign.\"\ndirection = \
             \"{direction}\"\nconnection = \"platform\"\nstream = \"{letter}{number}\"\n"
        );
    }
    let kind = Kind::of(number);
    let sync = if kind.is_incremental() { "incremental" } else { "full_refresh" };
    let write = if kind.appends() { "append" } else { "upsert" };
    let schedule = every.map_or_else(|| "{}".into(), |every| format!("{{ every = \"{every}\" }}"));
    let _ = write!(
        text,
        "\n[[customer.transfer]]\nname = \"{}\"\nsource = \"r{number}\"\ndestination = \"w{number}\"\nsync = \"{sync}\"\n\
         write = \"{write}\"\nlimit = {{ records = {PAGE}, bytes = 100000 }}\nschedule = {schedule}\nrejections = {{ count = \
         100000, share = 1000 }}\n",
        name_of(number).1
    );
}
