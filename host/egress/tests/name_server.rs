//! A name server on loopback that says what a test tells it to, and a resolver that asks it.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use simple_dns::rdata::{A, AAAA, RData};
use simple_dns::{CLASS, Name, Packet, QCLASS, QTYPE, Question, ResourceRecord, TYPE};
use tokio::net::UdpSocket;
use weighbridge_egress::{Resolve, Resolving};

/// Answers each question with the next of its lists, and from then on with the last one.
pub(crate) struct NameServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl NameServer {
    pub(crate) async fn start(answers: &[&[&str]]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let parse = |list: &&[&str]| list.iter().map(|address| address.parse().unwrap()).collect();
        let answers: Vec<Vec<IpAddr>> = answers.iter().map(parse).collect();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let names = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut question = [0; 512];
            loop {
                let (bytes, from) = socket.recv_from(&mut question).await.unwrap();
                let packet = Packet::parse(&question[..bytes]).unwrap();
                let index = names.lock().unwrap().len().min(answers.len() - 1);
                names.lock().unwrap().push(packet.questions[0].qname.to_string());
                socket.send_to(&answered(packet, &answers[index]), from).await.unwrap();
            }
        });
        Self { address, asked }
    }

    /// The names it was asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn resolver(&self) -> Arc<Asking> {
        Arc::new(Asking(self.address))
    }
}

fn answered(question: Packet<'_>, addresses: &[IpAddr]) -> Vec<u8> {
    let name = question.questions[0].qname.clone();
    let record = |address: &IpAddr| {
        let data = match address {
            IpAddr::V4(address) => RData::A(A { address: address.to_bits() }),
            IpAddr::V6(address) => RData::AAAA(AAAA { address: address.to_bits() }),
        };
        // Nobody may keep it.
        ResourceRecord::new(name.clone(), CLASS::IN, 0, data)
    };
    let mut reply = question.into_reply();
    reply.answers = addresses.iter().map(record).collect();
    reply.build_bytes_vec().unwrap()
}

/// Asks one name server, each time anew.
pub(crate) struct Asking(SocketAddr);

impl Resolve for Asking {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        Box::pin(async move {
            let socket = UdpSocket::bind("127.0.0.1:0").await?;
            let mut packet = Packet::new_query(7);
            let name = Name::new(host).map_err(std::io::Error::other)?;
            packet.questions.push(Question::new(name, QTYPE::TYPE(TYPE::A), QCLASS::CLASS(CLASS::IN), false));
            socket.send_to(&packet.build_bytes_vec().map_err(std::io::Error::other)?, self.0).await?;
            let mut reply = [0; 512];
            let bytes = socket.recv(&mut reply).await?;
            let reply = Packet::parse(&reply[..bytes]).map_err(std::io::Error::other)?;
            let address = |record: &ResourceRecord<'_>| match &record.rdata {
                RData::A(A { address }) => Some(IpAddr::V4((*address).into())),
                RData::AAAA(AAAA { address }) => Some(IpAddr::V6((*address).into())),
                _ => None,
            };
            Ok(reply.answers.iter().filter_map(address).collect())
        })
    }
}
