//! Components that are small and valid, and that no compiler is quick with.

/// A component of one core module with these function bodies, each of type `(i32) -> i32`.
fn component(bodies: &[Vec<u8>]) -> Vec<u8> {
    let code: Vec<u8> = bodies.iter().flat_map(|body| [number(body.len()), body.clone()].concat()).collect();
    let module = [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &[1, 0x60, 1, 0x7f, 1, 0x7f]),
        section(3, &[number(bodies.len()), vec![0; bodies.len()]].concat()),
        section(10, &[number(bodies.len()), code].concat()),
    ];
    [b"\0asm\x0d\0\x01\0".to_vec(), section(1, &module.concat())].concat()
}

pub(super) fn section(id: u8, payload: &[u8]) -> Vec<u8> {
    [vec![id], number(payload.len()), payload.to_vec()].concat()
}

fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// One function that answers nothing where a number is due: not valid, as only a look into its code shows.
pub fn silent() -> Vec<u8> {
    component(&[vec![0, 0x0b]])
}

/// One function of nested blocks, each left from the innermost one: hours of work in 2.7 MB.
pub fn blocks(count: usize) -> Vec<u8> {
    let leave = |depth: usize| [vec![0x20, 0, 0x0d], number(depth)].concat();
    let body = [
        vec![0],
        [0x02, 0x40].repeat(count),
        (0..count).flat_map(leave).collect(),
        vec![0x0b; count],
        vec![0x20, 0, 0x0b],
    ];
    component(&[body.concat()])
}

/// One function in which so many variables change on many ways into one loop: gigabytes of work in 240 kB.
pub fn variables(count: usize) -> Vec<u8> {
    let get_set = |variable: usize| [vec![0x20, 0, 0x04, 0x40, 0x20, 0, 0x21], number(variable), vec![0x0b]].concat();
    let add = |variable: usize| [vec![0x20], number(variable), vec![0x41, 1, 0x6a, 0x21], number(variable)].concat();
    let body = [
        [vec![1], number(count), vec![0x7f]].concat(),
        (0..count / 4).flat_map(|index| get_set(1 + index * 7 % count)).collect(),
        vec![0x03, 0x40],
        (1..=count).flat_map(add).collect(),
        vec![0x20, 0, 0x0d, 0, 0x0b, 0x20, 0, 0x0b],
    ];
    component(&[body.concat()])
}

/// So many functions that each multiply a little.
pub fn functions(count: usize) -> Vec<u8> {
    let body = [vec![0], [0x20, 0, 0x20, 0, 0x6c, 0x21, 0].repeat(20), vec![0x20, 0, 0x0b]].concat();
    component(&vec![body; count])
}

/// So many components, each in the one before: little to read, and gigabytes to hold at once.
pub fn nested(depth: usize) -> Vec<u8> {
    let start = b"\0asm\x0d\0\x01\0";
    (0..depth).fold(start.to_vec(), |inner, _| [start.to_vec(), section(4, &inner)].concat())
}
