//! Parts of a graph.

/// Sets that merge.
pub(crate) struct Parts {
    parent: Vec<u32>,
}

impl Parts {
    pub fn new(nodes: usize) -> Parts {
        Parts { parent: (0..nodes as u32).collect() }
    }

    pub fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parent[one] = other as u32;
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parent[node] as usize != node {
            self.parent[node] = self.parent[self.parent[node] as usize];
            node = self.parent[node] as usize;
        }
        node
    }

    /// The part of each of these nodes, numbered in the order in which they come.
    pub fn numbers(&mut self, nodes: impl Iterator<Item = usize>) -> (Vec<usize>, usize) {
        let mut number = vec![usize::MAX; self.parent.len()];
        let mut count = 0;
        let of = nodes
            .map(|node| {
                let root = self.root(node);
                if number[root] == usize::MAX {
                    number[root] = count;
                    count += 1;
                }
                number[root]
            })
            .collect();
        (of, count)
    }
}
