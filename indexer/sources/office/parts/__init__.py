"""What readers of several office formats share: properties, drawings, printed lines, containers."""
