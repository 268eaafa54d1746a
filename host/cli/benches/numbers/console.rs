//! What pages of the console cost among 10,000 customers: one person over one connection, and what comes over the wire.

use std::num::NonZeroU32;
use std::time::Instant;

use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use weighbridge::model::access::Role;
use weighbridge::people::{Join, NewUser};
use weighbridge_server::{Callback, Server, Settings};

use crate::customers::{PASSWORD, filled, in_tenant, read};

const CUSTOMERS: usize = 10_000;
const ROUNDS: usize = 500;

pub async fn measure() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, tenant) = filled(folder.path(), CUSTOMERS).await;
    let new = NewUser { email: "ann@partner.example".into(), name: None, role: Role::TenantAdmin };
    let invited = engine.invite_staff(&in_tenant(tenant), &new).await.unwrap();
    let join = Join { link: invited.link.reveal().to_owned(), password: PASSWORD.into(), name: None };
    let session = engine.join(&join).await.unwrap().session.unwrap();
    let settings = Settings { requests_per_minute: NonZeroU32::MAX, ..Settings::default() };
    let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap().with(settings).unwrap();
    let address = server.address().unwrap();
    let callback = Callback::under(&format!("http://{address}")).unwrap();
    let may = in_tenant::<weighbridge::model::access::kinds::CustomersRead>(tenant);
    let one = engine.customers(&may, &Default::default()).unwrap().items[0].id;
    let serving = tokio::spawn(server.serve(engine, callback));
    let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
    for path in [
        "/console/customers".to_owned(),
        "/console/customers?name=77&label=north&sort=created_down".to_owned(),
        format!("/console/customers/{one}"),
        format!("/console/customers/{one}/edit"),
        "/console/runs".to_owned(),
        "/console/usage".to_owned(),
        "/console/systems".to_owned(),
        "/console/audit".to_owned(),
    ] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\ncookie: weighbridge-session={}\r\naccept-encoding: gzip\r\n\r\n",
            session.reveal()
        );
        let (mut times, mut bytes) = (Vec::new(), 0);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            stream.get_mut().write_all(request.as_bytes()).await.unwrap();
            let (status, length) = read(&mut stream).await;
            assert_eq!(status, 200, "{path}");
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            bytes = length;
        }
        times.sort_by(f64::total_cmp);
        let path = path.replace(&one.to_string(), "ID");
        println!(
            "{path}: median {:.1} ms, p99 {:.1} ms, {:.1} kB",
            times[ROUNDS / 2],
            times[ROUNDS * 99 / 100],
            bytes as f64 / 1e3
        );
    }
    serving.abort();
}
