//! Two small platforms on loopback: a shop to read from, and a warehouse to write to.
//!
//! They are not part of what is being shown: they speak HTTP like any platform, and misbehave like one.

mod answer;
mod shop;
mod warehouse;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args as ClapArgs;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;

use crate::exit::Exit;
use crate::output;

pub(crate) use shop::{Shop, TOKEN};
pub(crate) use warehouse::Warehouse;

#[derive(Debug, ClapArgs)]
pub(crate) struct PlatformsArgs {
    /// Where the shop answers.
    #[arg(long, default_value = "127.0.0.1:8701")]
    shop: SocketAddr,
    /// Where the warehouse answers.
    #[arg(long, default_value = "127.0.0.1:8702")]
    warehouse: SocketAddr,
    /// So many made-up orders of about 300 bytes, beside the real data set.
    #[arg(long, default_value_t = 0)]
    orders: u64,
    /// Answer without rate limits and failures.
    #[arg(long)]
    calm: bool,
}

pub(crate) async fn run(args: &PlatformsArgs) -> anyhow::Result<Exit> {
    let shop = serve(args.shop, Arc::new(Shop::new(args.orders, args.calm))).await?;
    let warehouse = serve(args.warehouse, Arc::new(Warehouse::default())).await?;
    output::json(&json!({ "shop": format!("http://{shop}"), "warehouse": format!("http://{warehouse}") }));
    tokio::signal::ctrl_c().await?;
    Ok(Exit::Done)
}

/// Something that answers requests.
pub(crate) trait Platform: Send + Sync + 'static {
    fn answer(&self, request: &Request<()>, body: &Bytes) -> Response<Full<Bytes>>;
}

/// The largest body that either of them takes.
const BODY_MAX: usize = 16 << 20;

/// Answers in tasks of its own until the process ends; says where.
pub(crate) async fn serve(address: SocketAddr, platform: Arc<impl Platform>) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let platform = Arc::clone(&platform);
            let _ = stream.set_nodelay(true);
            tokio::spawn(async move {
                let service = service_fn(move |request| converse(Arc::clone(&platform), request));
                // A client that goes away is its own affair.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Ok(address)
}

async fn converse(
    platform: Arc<impl Platform>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    Ok(match Limited::new(body, BODY_MAX).collect().await {
        Ok(body) => platform.answer(&Request::from_parts(head, ()), &body.to_bytes()),
        Err(_) => answer::error(413, "the body is too large"),
    })
}
