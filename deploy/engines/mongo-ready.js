// The health check: the first one that finds no replica set makes it. The password is read here, so it is in no process list.
const password = require("fs").readFileSync("/run/secrets/mongo_root", "utf8").trim();
db.getSiblingDB("admin").auth("root", password);
try {
  quit(rs.status().myState === 1 ? 0 : 1);
} catch (error) {
  rs.initiate({ _id: "rs0", members: [{ _id: 0, host: "mongo:27017" }] });
  quit(1);
}
