"""Sequence classifier on nn.LSTM: any number of layers, one or two directions."""
import mindspore.nn as nn
import mindspore.ops as ops


class LstmClassifier(nn.Cell):
    """Returns the logits, every output of the last layer, and the final states (h, c)."""

    def __init__(self, vocab=97, embed=24, hidden=32, layers=1, bidirectional=False, num_classes=3):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        self.lstm = nn.LSTM(embed, hidden, num_layers=layers, batch_first=True, bidirectional=bidirectional)
        directions = 2 if bidirectional else 1
        self.decoder = nn.Dense(2 * directions * hidden, num_classes)

    def construct(self, tokens):
        embedded = self.embedding(tokens)
        outputs, (h, c) = self.lstm(embedded)
        first_and_last = ops.concat((outputs[:, 0], outputs[:, -1]), axis=1)
        return self.decoder(first_and_last), outputs, h, c
