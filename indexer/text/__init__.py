"""Text to tokens: folding, segmentation, and how Chinese is read aloud."""
