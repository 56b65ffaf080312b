live() { echo "ok 1 - x"; checks=1; }
