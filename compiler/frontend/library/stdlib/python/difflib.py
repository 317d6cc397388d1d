"""Similarity of sequences."""


class SequenceMatcher:
    """Ratcliff and Obershelp: the longest matching block, then both sides of it."""

    def __init__(self, isjunk=None, a="", b="", autojunk=True):
        self.set_seqs(a, b)

    def set_seqs(self, a, b):
        self.a = a
        self.b = b

    def set_seq1(self, a):
        self.a = a

    def set_seq2(self, b):
        self.b = b

    def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
        ahi = len(self.a) if ahi is None else ahi
        bhi = len(self.b) if bhi is None else bhi
        best = (alo, blo, 0)
        lengths = {}
        for i in range(alo, ahi):
            current = {}
            for j in range(blo, bhi):
                if self.a[i] == self.b[j]:
                    size = current[j] = lengths.get(j - 1, 0) + 1
                    if size > best[2]:
                        best = (i - size + 1, j - size + 1, size)
            lengths = current
        return best

    def get_matching_blocks(self):
        blocks = []
        queue = [(0, len(self.a), 0, len(self.b))]
        while queue:
            alo, ahi, blo, bhi = queue.pop()
            i, j, size = self.find_longest_match(alo, ahi, blo, bhi)
            if size:
                blocks.append((i, j, size))
                queue.append((alo, i, blo, j))
                queue.append((i + size, ahi, j + size, bhi))
        return sorted(blocks) + [(len(self.a), len(self.b), 0)]

    def ratio(self):
        total = len(self.a) + len(self.b)
        return 2.0 * sum(size for _, _, size in self.get_matching_blocks()) / total if total else 1.0

    quick_ratio = ratio
    real_quick_ratio = ratio


def get_close_matches(word, possibilities, n=3, cutoff=0.6):
    scored = []
    for candidate in possibilities:
        ratio = SequenceMatcher(a=candidate, b=word).ratio()
        if ratio >= cutoff:
            scored.append((ratio, candidate))
    scored.sort(reverse=True)
    return [candidate for _, candidate in scored[:n]]
