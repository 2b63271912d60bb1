%% shelf_sup, version 2: bears more.
%%
%% With a bug: init makes the table, and is called again when the supervisor is upgraded
%% (B13): it is there already then. Its correct twin is twin_v2.erl.
%%
%% ranch#168.
-module(shelf_sup).
-vsn("2").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    _ = ets:new(stock, [named_table, public]),
    {ok, {#{intensity => 4},
          [#{id => shelf, start => {counter, start_link, [shelf, 0]}}]}}.
