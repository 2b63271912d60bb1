%% pool_sup, version 2: a simple_one_for_one; the children are ledgers.
-module(pool_sup).
-vsn("2").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{strategy => simple_one_for_one, intensity => 3},
          [#{id => ledger, start => {ledger, start_link, []}}]}}.
