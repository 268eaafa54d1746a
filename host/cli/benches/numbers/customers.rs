//! What finding customers costs: 100,000 of one tenant in memory, and 50 clients at once over HTTP.

use std::io::Write as _;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use weighbridge::account::{CustomerFilter, NewTenant};
use weighbridge::model::access::{Actor, Permission, Role, authorize, kinds};
use weighbridge::model::id::TenantId;
use weighbridge::people::{Join, NewToken, NewUser};
use weighbridge::{Engine, Options};
use weighbridge_server::{Callback, Server, Settings};

pub const PASSWORD: &str = "correct horse battery staple";

pub fn in_tenant<A>(tenant: TenantId) -> Permission<A>
where
    A: weighbridge::model::access::ActionKind<Level = weighbridge::model::access::OfTenant>,
{
    authorize::<A>(&Actor::owner(), tenant).unwrap()
}

fn table(from: usize, to: usize) -> String {
    let mut table = b"name,external_id,labels\n".to_vec();
    for number in from..to {
        let label = ["north", "south", "east", "west"][number % 4];
        writeln!(table, "Customer {number:06} of {label}land Ltd,{number},{label};{}", number % 50).unwrap();
    }
    String::from_utf8(table).unwrap()
}

pub async fn filled(folder: &std::path::Path, customers: usize) -> (Engine, TenantId) {
    let options = Options::at(folder);
    Engine::init(&options).await.unwrap();
    let engine = Engine::open(options).await.unwrap();
    let may = authorize::<kinds::TenantsChange>(&Actor::owner(), ()).unwrap();
    let tenant =
        engine.create_tenant(&may, &NewTenant { name: "partner".into(), ..NewTenant::default() }).await.unwrap();
    let begun = Instant::now();
    for from in (0..customers).step_by(50_000) {
        let table = table(from, customers.min(from + 50_000));
        engine.import_customers(&in_tenant(tenant.id), &table, false).await.unwrap();
    }
    println!("{customers} customers brought in by a table in {:.1} s", begun.elapsed().as_secs_f64());
    (engine, tenant.id)
}

pub async fn measure() {
    find(100_000).await;
    clients(10_000, 50).await;
}

async fn find(customers: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (engine, tenant) = filled(folder.path(), customers).await;
    engine.close(Duration::from_secs(10)).await.unwrap();
    let engine = Engine::open_reading(Options::at(folder.path())).unwrap();
    let may = in_tenant::<kinds::CustomersRead>(tenant);
    let scope = engine.find_tenant(Some("partner")).unwrap();
    let begun = Instant::now();
    let size = engine.roster_size(scope).unwrap();
    println!(
        "{} customers read into memory in {} ms, about {:.1} MB",
        size.customers,
        begun.elapsed().as_millis(),
        size.bytes as f64 / 1e6
    );
    let filters = [
        ("a label and a part of a name, few fit", filter(&["7"], "9997")),
        ("a label and a part of a name, many fit", filter(&["north"], "land")),
        ("a label and a part of a name, none fits", filter(&["north"], "southland")),
    ];
    for (what, filter) in filters {
        let mut times: Vec<_> = (0..200)
            .map(|_| {
                let begun = Instant::now();
                engine.customers(&may, &filter).unwrap();
                begun.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("a page of {what}: median {:.1} ms, p99 {:.1} ms", times[100], times[197]);
    }
}

fn filter(labels: &[&str], name: &str) -> CustomerFilter {
    let label = labels.iter().map(|label| (*label).to_owned()).collect();
    CustomerFilter { label, name: Some(name.to_owned()), ..CustomerFilter::default() }
}

/// Reads with a token, each client over a connection of its own.
async fn clients(customers: usize, clients: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (engine, tenant) = filled(folder.path(), customers).await;
    let new = NewUser { email: "ann@partner.example".into(), name: None, role: Role::TenantAdmin };
    let invited = engine.invite_staff(&in_tenant(tenant), &new).await.unwrap();
    let joined = engine
        .join(&Join { link: invited.link.reveal().to_owned(), password: PASSWORD.into(), name: None })
        .await
        .unwrap();
    let ann = engine.actor(joined.session.unwrap().reveal()).unwrap();
    let may = authorize::<kinds::SelfChange>(&ann, ()).unwrap();
    let token =
        engine.create_token(&may, &NewToken { name: "bench".into(), scopes: vec![], ends: None }).await.unwrap();
    // One token asks as fast as it can, which no person does.
    let settings = Settings { requests_per_minute: NonZeroU32::MAX, ..Settings::default() };
    let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap().with(settings).unwrap();
    let address = server.address().unwrap();
    let callback = Callback::under(&format!("http://{address}")).unwrap();
    let serving = tokio::spawn(server.serve(engine, callback));
    let ask = |secret: String, number: usize| async move {
        let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
        let mut times = Vec::new();
        for round in 0..100 {
            let begun = Instant::now();
            let path = format!("/api/v1/customers?limit=20&name={}", (number * 100 + round) % 1_000);
            let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {secret}\r\n\r\n");
            stream.get_mut().write_all(request.as_bytes()).await.unwrap();
            assert_eq!(read(&mut stream).await.0, 200);
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times
    };
    ask(token.secret.reveal().to_owned(), 0).await;
    let begun = Instant::now();
    let tasks: Vec<_> =
        (0..clients).map(|number| tokio::spawn(ask(token.secret.reveal().to_owned(), number))).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let took = begun.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    println!(
        "{clients} clients reading pages of 20 among {customers} customers: {:.0} requests/s, median {:.1} ms, p99 {:.1} ms",
        times.len() as f64 / took,
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
    serving.abort();
}

/// One answer's status and the bytes of its body, which is read away.
pub async fn read(stream: &mut BufReader<TcpStream>) -> (u16, usize) {
    let (mut status, mut length, mut line) = (0, 0, String::new());
    loop {
        line.clear();
        stream.read_line(&mut line).await.unwrap();
        if line == "\r\n" {
            break;
        }
        if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
            status = rest[..3].parse().unwrap();
        }
        if let Some(rest) = line.to_lowercase().strip_prefix("content-length: ") {
            length = rest.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    (status, length)
}
