"""The same in a bucket, which needs a group of its own (.ci/deliver)."""
